"""Steps that every journey of a case takes: asked from the order's page, agreed to, sent back, received, inspected."""

from aftersales.models import Case
from tests.present import picture


def apply(desk, words, order, kind, reason, *, photo=False, checked=(), **typed):
    """Ask for all of it from the order's page; answers the case."""
    desk.go(f"/orders/{order.number}/")
    desk.press(f"a[href*='type={kind}']")
    desk.at(f"main form input[name=reason][value={reason}]").check()
    for css in checked:
        desk.at(f"main form {css}").check()
    for name, text in typed.items():
        desk.type(f"main form [name={name}]", text)
    if photo:
        desk.at("main form input[name=photos]").set_input_files(picture())
    desk.press("main form .form-actions button.primary")
    desk.sees(words("The case is open."), "#flash")
    case = Case.objects.get(order=order)
    desk.is_at(f"/cases/{case.number}/")
    return case


def agree(desk, words, case):
    """Agree as the case is asked."""
    act(desk, words, case, "approve", "Agreed.")


def act(someone, words, case, action, done, **typed):
    """Make a move from the page of the case; the page says that it is done."""
    someone.go(f"/cases/{case.number}/")
    someone.move(action, **typed)
    someone.sees(words(done), "#flash")


def send_back(desk, words, case):
    """The buyer tells the waybill."""
    act(desk, words, case, "ship-return", "The return is on its way.", carrier="SF", waybill=f"SF{case.pk}00200")


def take_in(floor, words, case, verdict):
    """Count what came back, look at it, and pass it with a button of the sheet."""
    floor.go(f"/warehouse/{case.number}/")
    floor.press("form[action$='/receive/'] button.primary")
    floor.sees(words("Received. Now inspect each unit."), "#flash")
    floor.press(f"button[name=verdict][value={verdict}]")
    floor.confirm()
    floor.sees(words("Inspection of %(number)s stored.") % {"number": case.number}, "#flash")


def stands(someone, words, case, state):
    """The page of the case says where it stands."""
    someone.go(f"/cases/{case.number}/")
    someone.sees(words(state), "#case .chips")
