"""Train the warning-sign model and write it into flows/redflags_data.

Run after changing the vocabulary or the messages, from the root of the repository:

    python -m pip install -e . -r bench/redflags/requirements.txt
    python bench/redflags/train.py && python bench/redflags/evaluate.py
"""

import json
from pathlib import Path

import numpy as np
from corpus import corpus
from fitting import Fitted, Table, judged, met, out_of_fold, read_all, thresholds

DATA = Path(__file__).resolve().parents[2] / "flows" / "redflags_data"
TINY = 0.004  # concept weights that round to nothing are left out


def quantised(values: np.ndarray, largest: int) -> tuple[np.ndarray, float]:
    """Values as whole steps up to `largest`, and the size of one step."""
    step = float(np.abs(values).max()) / largest
    return np.rint(values / step).astype(int), step


def write(model: Fitted, names: list[str], limits: dict[str, float], stems: frozenset[str]) -> None:
    """The three files described in flows/redflags/model.py."""
    idf, idf_step = quantised(model.idf, 255)
    weight, weight_step = quantised(model.weight, 127)
    (DATA / "ngrams.bin").write_bytes(bytes(idf.tolist()) + bytes((weight % 256).tolist()))
    pairs = zip(names, model.concept_weight, strict=True)
    facts = {
        "idf_step": idf_step,
        "weight_step": weight_step,
        "bias": round(model.bias, 5),
        "thresholds": {code: round(limit, 4) for code, limit in limits.items()},
        "concepts": {n: round(float(w), 4) for n, w in pairs if abs(w) > TINY},
    }
    (DATA / "stems.txt").write_text("\n".join(sorted(stems)) + "\n", encoding="utf-8")
    (DATA / "model.json").write_text(json.dumps(facts, indent=0) + "\n", encoding="utf-8")


def main() -> None:
    """Fit on everybody; take the thresholds from authors the scoring model never saw."""
    messages = corpus()
    readings = read_all(messages)
    everybody = np.ones(len(messages), dtype=bool)
    stems = met(readings, everybody)
    table = Table(messages, readings, stems)
    limits = thresholds(table, out_of_fold(messages, readings), judged(table))
    write(Fitted(table, everybody), table.names, limits, stems)
    print(f"{len(table.yes)} messages; thresholds {limits}")


if __name__ == "__main__":
    main()
