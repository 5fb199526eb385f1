"""Joining the browser modules into one text."""

import re
from pathlib import Path

import pytest

from explorer.players.bundle import PLAYERS, bundle


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_modules_follow_what_they_import_each_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one } from "./one.js";\nimport { two, three } from "./two.js";\n'
        "function draw() { return one + two + three; }\nexport default draw;\n",
        one='import { three } from "./two.js";\nexport const one = three + 1;\n',
        two="export const two = 2;\nexport async function three() {}\n",
    )
    assert bundle("stage.js", folder=tmp_path) == (
        "// two.js\nconst two = 2;\nasync function three() {}\n\n"
        "// one.js\nconst one = three + 1;\n\n"
        "// stage.js\nfunction draw() { return one + two + three; }\n\n"
        "export default draw;\n"
    )


def test_the_default_export_of_a_sibling_is_not_the_bundles(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one } from "./one.js";\nconst draw = one;\nexport default draw;\n',
        one="export const one = 1;\nexport default one;\n",
    )
    assert re.findall(r"export.*", bundle("stage.js", folder=tmp_path)) == ["export default draw;"]


def test_modules_that_import_each_other_are_joined_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one } from "./one.js";\nexport const own = () => one;\n'
        "export default own;\n",
        one='import { own } from "./stage.js";\nexport const one = () => own;\n',
    )
    assert bundle("stage.js", folder=tmp_path).count("const one") == 1


def test_one_name_in_two_files_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one } from "./one.js";\nconst { size, edge } = one;\nexport default one;\n',
        one="export const one = {};\nclass edge {}\n",
    )
    with pytest.raises(ValueError, match=r"'edge'.*one\.js and in stage\.js"):
        bundle("stage.js", folder=tmp_path)


def test_names_inside_functions_may_repeat(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one } from "./one.js";\nfunction draw() {\n  const edge = one;\n}\n'
        "export default draw;\n",
        one="export const one = 1;\nfunction other() {\n  const edge = 1;\n}\n",
    )
    assert bundle("stage.js", folder=tmp_path).count("  const edge") == 2


def test_a_missing_sibling_is_named_with_who_wants_it(tmp_path: Path) -> None:
    write(tmp_path, stage='import { gone } from "./gone.js";\nexport default gone;\n')
    with pytest.raises(FileNotFoundError, match=r"gone\.js.*imported by stage\.js"):
        bundle("stage.js", folder=tmp_path)


def test_a_name_that_is_not_exported_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        stage='import { one, inner } from "./one.js";\nexport default one;\n',
        one="export const one = 1;\nconst inner = 2;\n",
    )
    with pytest.raises(ValueError, match=r"stage\.js imports inner, not exported by one\.js"):
        bundle("stage.js", folder=tmp_path)


def test_an_entry_without_a_default_export_is_refused(tmp_path: Path) -> None:
    write(tmp_path, stage="export const one = 1;\n")
    with pytest.raises(ValueError, match="no default export"):
        bundle("stage.js", folder=tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        'import one from "./one.js";',
        'import { one as other } from "./one.js";',
        'import * as one from "./one.js";',
        'import { one } from "elsewhere";',
        'import "./one.js";',
        "import {",
        "export { one };",
        'export * from "./one.js";',
        "export default function () {}",
    ],
)
def test_forms_that_cannot_be_joined_are_refused(tmp_path: Path, line: str) -> None:
    write(tmp_path, stage=f"const two = 2;\n{line}\n", one="export const one = 1;\n")
    with pytest.raises(ValueError, match=r"stage\.js, line 2: cannot join"):
        bundle("stage.js", folder=tmp_path)


def test_the_stage_is_one_module_of_all_players() -> None:
    text = bundle()
    joined = re.findall(r"^// ([\w-]+\.js)$", text, flags=re.MULTILINE)
    assert sorted(joined) == sorted(path.name for path in PLAYERS.glob("*.js"))
    assert not re.search(r"^import\b", text, flags=re.MULTILINE)
    assert re.findall(r"^export\b.*", text, flags=re.MULTILINE) == ["export default renderStage;"]
    assert text.endswith("export default renderStage;\n")


def test_players_write_user_text_only_as_text() -> None:
    markup = re.compile(
        r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b|\bdocument\.write\b|\beval\("
    )
    found = {
        path.name: markup.findall(path.read_text(encoding="utf-8")) for path in PLAYERS.glob("*.js")
    }
    assert {name: uses for name, uses in found.items() if uses} == {}
