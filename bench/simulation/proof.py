"""Everything that must hold after a story, whatever happened in it."""

from bench.simulation import of_alerts, of_patients, of_staff, of_storage, of_watch
from bench.simulation.evidence import Evidence
from bench.simulation.story import Story

CHECKS = (
    *of_alerts.CHECKS, *of_staff.CHECKS, *of_patients.CHECKS, *of_storage.CHECKS, *of_watch.CHECKS,
)  # fmt: skip


def faults_of(story: Story) -> list[str]:
    """Return a sentence for each thing that does not hold, with the check's name before it."""
    evidence = Evidence(story)
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(evidence)]
