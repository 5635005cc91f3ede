"""The words of docs/burden.md that do not come from a run."""

DEFINITIONS = [
    (
        "**Alert**: an answered check-in whose own answers reach follow-up or more. The case's "
        "earlier level is not counted again; a **new case** is an alert when none is open, and "
        "staff close a case after 24 h. The **call list** is what only asks for a call. The "
        "**closing questions** are «do you want us to call you» and «does anything else worry "
        "you». "
        "**Answered about**: an answer given while a sign of the complication can be felt, or with "
        "an item of the emergency list ticked for it. **Caught**: one of these answers alerts. "
        "Kinds are weighted by how frequent they are. All assumptions, with sources: "
        "[assumptions.toml](../bench/clinic/assumptions.toml). Made by `python -m bench.clinic`."
    ),
    "",
]

CANNOT_SAY = [
    "## What this cannot say",
    "",
    (
        "- Whether the thresholds are right. Patients, signs and rates are assumed; how often real "
        "complications are caught is unknown until real courses are counted."
    ),
    (
        "- How it compares: the safety review's own simulation, with other patients who were "
        "asked every question at every check-in, gave alerts in 7.0 to 7.3 % of check-ins. Here "
        "they are asked what they tick, as in the product."
    ),
    "- What people do who phone, write free text, send a photo or go to a doctor by themselves.",
    (
        "- How often patients use the closing question: no source gives a figure, and it moves the "
        "result more than any rule. Count it from the first day."
    ),
    (
        "- What quiet hours do to the minute: here nobody answers at night, and check-ins are "
        "due at the protocol's hours."
    ),
    "- Anything about complications that end before the patient is asked and are not mentioned.",
    "- Second treatments, two complications at once, or a complication before the session ended.",
    "",
]
