"""What an analyst does who looks at something: by keyboard alone, each function one stretch of it."""

from playwright.sync_api import Page, expect


def look_blurred(page: Page) -> None:
    """The keys l and Enter."""
    page.keyboard.press("l")
    expect(page.get_by_text("What for")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".seen img")).to_have_js_property("naturalWidth", 96, timeout=30_000)


def look_through_a_circle(page: Page) -> None:
    """The other form: nothing sharp until the space bar is held, and nothing once it is let go."""
    page.keyboard.press("l")
    page.locator("#blur").focus()
    page.keyboard.type("Blurred")
    page.keyboard.press("Tab")
    page.locator("button", has_text="Show it").focus()
    page.keyboard.press("Enter")
    canvas = page.locator(".seen canvas")
    expect(canvas).to_have_js_property("width", 96, timeout=30_000)
    canvas.focus()
    drawn = "canvas => canvas.toDataURL()"
    blurred = canvas.evaluate(drawn)
    page.keyboard.down(" ")
    assert canvas.evaluate(drawn) != blurred
    page.keyboard.up(" ")
    assert canvas.evaluate(drawn) == blurred


def reach_the_limit(page: Page, desk: str, item: str) -> None:
    """Three hours in another system are typed in; then nothing is shown, and the page says what to do instead."""
    page.goto(f"{desk}/looking/")
    page.locator("#minutes").focus()
    page.keyboard.type("180")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Counted.")).to_be_visible()
    page.goto(desk + item)
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is shown now")
    expect(page.get_by_role("heading", name="Today’s limit is reached.")).to_be_visible()
    expect(page.get_by_role("button", name="Show it")).to_have_count(0)
    page.keyboard.press("x")
    expect(page.get_by_text("Skipped. Somebody else will take it.")).to_be_visible()
