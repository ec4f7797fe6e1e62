"""The wheel: what it owns, and that it runs where no source is in reach."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.commands.running import ROOT, environment

PACKAGES = ("domain", "projections", "dealjournal")


def has_hatchling() -> bool:
    """Whether the build backend is there already; else pip fetches it."""
    found = subprocess.run(
        [sys.executable, "-c", "import hatchling"], capture_output=True, check=False
    )
    return found.returncode == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if has_hatchling() else []
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", *isolation, "-w", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("dealjournal-*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with nothing but what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], capture_output=True, check=True)
    return folder


def owned(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def source_files() -> set[str]:
    """Return the files of the source that the wheel should hold, as it names them."""
    of_packages = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    }
    examples = {
        f"dealjournal/{file.relative_to(ROOT)}"
        for file in (ROOT / "examples" / "mistral-ai").iterdir()
    }
    return of_packages | examples | {"cli.py"}


def test_the_wheel_owns_what_the_source_has_and_nothing_else(wheel: Path) -> None:
    names = owned(wheel)
    about = {name for name in names if ".dist-info/" in name}
    assert names - about == source_files()
    assert {PurePosixPath(name).parts[0] for name in names - about} == {"cli.py", *PACKAGES}
    assert {name.partition("/")[2] for name in about} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }


def test_the_wheel_holds_the_examples_and_the_rates(wheel: Path) -> None:
    names = owned(wheel)
    assert "dealjournal/rates/ecb.csv" in names
    examples = {name for name in names if name.startswith("dealjournal/examples/mistral-ai/")}
    assert len([name for name in examples if name.endswith(".yaml")]) == 9


def test_the_wheel_is_pure_and_starts_at_the_composition_root(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert wheel.name == f"dealjournal-{project['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "dealjournal = cli:main" in archive.read(entry_points).decode()
        (metadata,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        told = archive.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in told
    for requirement in project["dependencies"]:
        name = requirement.split(">")[0]
        assert f"Requires-Dist: {name}" in told


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program where no source is in reach."""
    script = (
        "import sys, cli, domain, projections, dealjournal\n"
        f"for module in (cli, domain, projections, dealjournal):\n"
        f"    assert module.__file__.startswith({str(installed)!r}), module.__file__\n"
        "cli.main()\n"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", script, *arguments],
        cwd=cwd,
        env=environment(PYTHONPATH=str(installed)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_installed_program_walks_through_the_example(installed: Path, tmp_path: Path) -> None:
    ran = run(installed, tmp_path, "demo", "--journal", "demo.db")
    assert ran.returncode == 0, ran.stderr
    assert "Rounds of Mistral AI" in ran.stdout
    assert "2026-03-debt.yaml: 12 entries" in ran.stderr
    asked = run(installed, tmp_path, "claims", "mistral-ai", "--journal", "demo.db", "--csv")
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.count("\n") > 100


def test_the_installed_program_tells_its_version(installed: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ran = run(installed, tmp_path, "--version")
    assert ran.stdout == f"dealjournal {project['version']}\n"
    script = installed / "bin" / "dealjournal"
    assert "cli" in script.read_text()
