"""`python -m deploy.replica.county`: tables, keys and a small made-up county on the served PostgreSQL it is told of.

Prints, as JSON, a token of who takes concerns in and a place: what a load needs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from minqing.base.postgres.instance import migrate_and_grant, open_instance

METHOD = Path(__file__).resolve().parents[2] / "methods" / "wushan-three-rests.yaml"


def main() -> None:
    """Once, on an empty database."""
    migrate_and_grant(open_instance())
    from minqing.doors.cli.init import make_keys  # noqa: PLC0415  (Django is ready only now)
    from minqing.kernel.matters.trial_county import open_trial_county  # noqa: PLC0415
    from minqing.kernel.matters.trial_staff import program_token, seat_trial_staff  # noqa: PLC0415
    from minqing.kernel.matters.versions import publish  # noqa: PLC0415
    from minqing.kernel.methods.loader import load_method  # noqa: PLC0415
    from minqing.wiring.ports import bind_ports  # noqa: PLC0415
    from minqing.wiring.vocabulary import VOCABULARY  # noqa: PLC0415

    make_keys()
    bind_ports()
    with tempfile.TemporaryDirectory() as folder:
        places = open_trial_county(Path(folder), 1, 1, 1)
    seat_trial_staff(places)
    publish(load_method(METHOD, VOCABULARY))
    json.dump({"token": program_token("trial"), "place": str(places[0]), "method": METHOD.stem}, sys.stdout)


if __name__ == "__main__":
    main()
