"""Tables and charts."""

from bot.sandbox.block_kit.findings import TEXT, Findings
from bot.sandbox.block_kit.media import rich_text
from bot.sandbox.block_kit.reading import text_in
from bot.sandbox.errors import Json


def _cells(findings: Findings, rows: object, at: str, most_rows: int, least_rows: int) -> None:
    if not findings.count(rows, at, most_rows, least_rows) or not isinstance(rows, list):
        return
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    for number, row in enumerate(rows):
        here = f"{at}/{number}"
        if not findings.count(row, here, 20) or not isinstance(row, list):
            continue
        if len(row) != width:
            findings.add("all rows must have the same number of cells", here)
        for column, cell in enumerate(row):
            _cell(findings, cell, f"{here}/{column}")


def _cell(findings: Findings, cell: object, at: str) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in ("raw_text", "raw_number", "rich_text"):
        findings.add("must be one of raw_text, raw_number, rich_text", at)
    elif kind == "raw_text":
        findings.text(cell.get("text"), f"{at}/text", TEXT)
    elif kind == "raw_number":
        findings.number(cell.get("value"), f"{at}/value")
    else:
        rich_text(findings, cell, at)


def _letters(rows: object) -> int:
    total = 0
    for row in rows if isinstance(rows, list) else []:
        for cell in row if isinstance(row, list) else []:
            total += len(text_in(cell))
    return total


def table(findings: Findings, block: Json, at: str) -> None:
    """The older table: 100 rows, one in a message."""
    _cells(findings, block.get("rows"), f"{at}/rows", 100, 1)
    settings = block.get("column_settings")
    if settings is not None:
        findings.count(settings, f"{at}/column_settings", 20, least=0)
    if _letters(block.get("rows")) > 10_000:
        findings.add("must be less than 10001 characters in all cells", f"{at}/rows")


def data_table(findings: Findings, block: Json, at: str) -> None:
    """The newer table: a header, a caption, pages."""
    rows = block.get("rows")
    _cells(findings, rows, f"{at}/rows", 101, 2)
    findings.text(block.get("caption"), f"{at}/caption", TEXT)
    size = block.get("page_size")
    if size is not None and not (isinstance(size, int) and 1 <= size <= 100):
        findings.add("must be between 1 and 100", f"{at}/page_size")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for column, cell in enumerate(rows[0]):
            if isinstance(cell, dict) and cell.get("type") == "rich_text":
                findings.add("rich_text cannot be a header cell", f"{at}/rows/0/{column}")
    if _letters(rows) > 10_000:
        findings.add("must be less than 10001 characters in all cells", f"{at}/rows")


def _points(findings: Findings, points: object, at: str, most: int) -> list[str]:
    labels: list[str] = []
    if not findings.count(points, at, most) or not isinstance(points, list):
        return labels
    for index, point in enumerate(points):
        here = f"{at}/{index}"
        if not isinstance(point, dict):
            findings.add("must be an object", here)
            continue
        if findings.text(point.get("label"), f"{here}/label", 20):
            labels.append(str(point["label"]))
        findings.number(point.get("value"), f"{here}/value")
    return labels


def data_visualization(findings: Findings, block: Json, at: str) -> None:
    """A chart: pie, bar, area or line."""
    findings.text(block.get("title"), f"{at}/title", 50)
    chart, at = block.get("chart"), f"{at}/chart"
    if not isinstance(chart, dict):
        findings.add("must be an object", at)
        return
    kind = chart.get("type")
    if kind == "pie":
        _points(findings, chart.get("segments"), f"{at}/segments", 6)
        for index, segment in enumerate(chart.get("segments") or []):
            value = segment.get("value") if isinstance(segment, dict) else None
            if isinstance(value, int | float) and value <= 0:
                findings.add("must be more than 0", f"{at}/segments/{index}/value")
        return
    if kind not in ("bar", "area", "line"):
        findings.add("must be one of pie, bar, area, line", f"{at}/type")
        return
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        findings.add("missing required field: axis_config", at)
        return
    categories = axis.get("categories")
    if findings.count(categories, f"{at}/axis_config/categories", 20):
        for index, name in enumerate(categories or []):
            findings.text(name, f"{at}/axis_config/categories/{index}", 20)
    for name in ("x_label", "y_label"):
        if axis.get(name) is not None:
            findings.text(axis[name], f"{at}/axis_config/{name}", 50)
    series = chart.get("series")
    if not findings.count(series, f"{at}/series", 6) or not isinstance(series, list):
        return
    names: set[str] = set()
    for index, one in enumerate(series):
        here = f"{at}/series/{index}"
        if not isinstance(one, dict):
            findings.add("must be an object", here)
            continue
        if findings.text(one.get("name"), f"{here}/name", 20):
            if one["name"] in names:
                findings.add("series names must be unique", f"{here}/name")
            names.add(one["name"])
        labels = _points(findings, one.get("data"), f"{here}/data", 20)
        if isinstance(categories, list) and set(labels) != set(map(str, categories)):
            findings.add("labels must match the categories", f"{here}/data")
