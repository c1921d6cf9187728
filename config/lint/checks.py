"""`make check`: every check by name, all of them run, exit 1 when one fails. A name as argument runs only that one."""

import os
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]

# Safe dummies: the settings must accept them, and the deployment check must find nothing to warn of.
PRODUCTION = {
    "DESK_ENV": "production",
    "SECRET_KEY": "K7vQ2mX9pL4tR8wZ1nB6cY3hJ5gF0dS-eA_uOiTqWxVbNmPkHy",
    "DATABASE_URL": "postgres://desk:desk@db.example.com/desk",
    "REDIS_URL": "redis://redis.example.com/0",
    "ALLOWED_HOSTS": "desk.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://desk.example.com",
}

Step = tuple[list[str], dict[str, str]]


def steps() -> dict[str, Step]:
    """Commands of `make check` by name, each with what it needs in the environment."""
    templates = [str(path.relative_to(BASE)) for path in sorted((BASE / "templates").rglob("*.html"))]
    return {
        "ruff": ([str(BIN / "ruff"), "check"], {}),
        "ruff format": ([str(BIN / "ruff"), "format", "--check", "--output-format", "concise"], {}),
        "mypy": ([str(BIN / "mypy")], {}),
        "import contracts": ([str(BIN / "lint-imports"), "--no-cache", "--no-logo"], {"PYTHONPATH": str(BASE)}),
        "house rules": ([sys.executable, "-m", "config.lint.status_lint"], {}),
        "dependencies": ([sys.executable, "-m", "config.lint.dependencies"], {}),
        "measures": ([sys.executable, "-m", "config.lint.measures"], {}),
        "pages": ([sys.executable, "-m", "config.lint.pages"], {}),
        "one record for a move": ([sys.executable, "-m", "config.lint.records"], {}),
        "templates": ([str(BIN / "djade"), "--check", "--target-version", "5.2", *templates], {}),
        "migrations": ([*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        "translations": ([sys.executable, "-m", "config.catalogue", "check"], {}),
        "deployment": ([*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        "state chart": ([*MANAGE, "describe_states", "--check"], {}),
    }


def run(name: str, step: Step) -> bool:
    """Whether the step passed; its name, result and seconds are printed."""
    command, environment = step
    print(f"── {name}", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=BASE, env={**os.environ, **environment}, check=False).returncode
    print(f"── {name}: {'passed' if code == 0 else 'FAILED'} ({time.monotonic() - began:.1f} s)\n", flush=True)
    return code == 0


def main(wanted: list[str]) -> int:
    """Run the steps that are wanted, all when none is named; 1 when one fails, after all have run."""
    chosen = {name: step for name, step in steps().items() if not wanted or name in wanted}
    failed = [name for name, step in chosen.items() if not run(name, step)]
    print(f"Failed: {', '.join(failed)}." if failed else f"All {len(chosen)} checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
