"""Which clinics may be started: those whose settings can be used and that share nothing.

No two clinics in service share anything of `folders.OWN`. What can be read of a file with a mistake
in it counts as well: both of two that share a token are kept out, though one could not start
anyway, for nobody knows which of the two the token belongs to.

Hazards: H52.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.clinics.folders import ClinicFolder, clinic_of, crossings, own


@dataclass
class Register:
    """The clinics of a directory: who is in service, as admitted, and who is kept out, and why."""

    folders: tuple[Path, ...]
    in_service: dict[str, ClinicFolder] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def admit_all(self) -> None:
        """Admit whoever may be started, before any is in service: of two that share, neither."""
        found = [clinic_of(folder) for folder in self.folders]
        for clinic in found:
            self.note(clinic, found)

    def admit(self, folder: Path) -> ClinicFolder | None:
        """Return the clinic as it may be started now, by its file as it is now; None where not.

        One that was in service and has what it had then comes back: whoever shares with it was
        kept out for that. What another's file says today must not end a clinic that is well.
        """
        clinic = clinic_of(folder)
        before = self.in_service.get(clinic.name)
        if before is not None and own(before) == own(clinic):
            others: Iterable[ClinicFolder] = ()
        else:
            others = [*map(clinic_of, self.folders), *self.in_service.values()]
        self.note(clinic, others)
        return None if clinic.name in self.refused else clinic

    def note(self, clinic: ClinicFolder, others: Iterable[ClinicFolder]) -> None:
        """Write down that a clinic is in service, or why it is not.

        One that was in service keeps what it had: nobody else is given that meanwhile.
        """
        if problems := (*clinic.problems, *crossings(clinic, others)):
            self.refused[clinic.name] = problems
        else:
            self.refused.pop(clinic.name, None)
            self.in_service[clinic.name] = clinic
