"""An agent's day: the next case, an answer, an agreement; from an order to its refund; and what the buyer asks for."""

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.models import Case, RejectReason
from aftersales.rules.vocabulary import CaseType, DeadlineKind, DeadlineStatus, Status
from tests.factories import opened
from tests.present import again, bought

pytestmark = pytest.mark.browser


def test_an_agent_takes_the_next_case_answers_and_agrees(visitor, language, words, agent, asked):
    desk = visitor(language)
    desk.go("/")
    desk.log_in("agent")
    desk.is_at("/cases/")
    assert desk.page.get_attribute("html", "lang") == language

    desk.press("form[action$='/claim/'] button")
    desk.is_at(f"/cases/{asked.number}/")
    desk.type("#reply", "您好，已收到您的申请。")
    desk.press("#composer button.primary")
    desk.sees("您好，已收到您的申请。", "#thread")
    desk.move("approve")
    desk.sees(words("Agreed."), "#flash")
    desk.sees(words("Awaiting return"), "#case .chips")

    case = again(asked)
    assert (case.status, case.assignee_id) == (Status.AWAITING_RETURN, agent.user_id)
    first_reply = case.deadlines.get(kind=DeadlineKind.FIRST_REPLY)
    assert first_reply.status in (DeadlineStatus.MET, DeadlineStatus.MISSED)


def test_an_agent_applies_for_a_refund_from_the_order_and_agrees(visitor, language, words, agent, unshipped, worker):
    desk = visitor(language)
    desk.go(f"/orders/{unshipped.number}/")
    desk.log_in("agent")
    desk.is_at(f"/orders/{unshipped.number}/")

    desk.press("a[href*='type=refund_only']")
    desk.at("input[name=reason][value=out_of_stock]").check()
    desk.press("main form button.primary")
    desk.sees(words("The case is open."), "#flash")
    case = Case.objects.get(order=unshipped)
    desk.is_at(f"/cases/{case.number}/")
    desk.move("approve")
    desk.sees(words("Agreed."), "#flash")
    worker()
    desk.page.reload()
    desk.sees(words("Completed"), "#case .chips")

    case = again(case)
    assert (case.type, case.status) == (CaseType.REFUND_ONLY, Status.COMPLETED)
    assert case.order.payments.get().settled == unshipped.paid_amount


def test_a_supervisor_allows_what_is_above_the_agents_limit(visitor, language, words, agent, supervisor, shop, buyer):
    dear = bought(shop, lines=[(2, 600)], buyer_id=buyer.buyer_id)
    case = opened(dear, by=buyer, at=timezone.now())
    desk, chief = visitor(language), visitor(language)
    desk.go(f"/cases/{case.number}/")
    desk.log_in("agent")
    desk.sees("600", ".next-step .reasons")

    desk.move("request-approval", why="两件都有同样的瑕疵")
    desk.sees(words("Sent for approval."), "#flash")
    chief.go("/approvals/")
    chief.log_in("supervisor")
    chief.sees("两件都有同样的瑕疵")
    chief.press("button[name=verdict][value=allow]")
    chief.confirm()
    chief.sees(words("Allowed."), "#flash")
    desk.page.reload()
    desk.sees(words("Awaiting return"), "#case .chips")

    assert again(case).status == Status.AWAITING_RETURN
    assert case.approval_requests.get().decided_by_id == supervisor.user_id


def test_an_agent_applies_again_and_withdraws_for_the_buyer(visitor, language, words, agent, merchant, asked):
    reason = RejectReason.objects.get(code="already_shipped")
    decisions.reject(asked.pk, by=merchant, at=timezone.now(), reason=reason)
    desk = visitor(language)
    desk.go(f"/cases/{asked.number}/")
    desk.log_in("agent")

    desk.move("reapply", description="拉链坏了。")
    desk.sees(words("Applied again."), "#flash")
    round_after = again(asked).round_number
    status_after = again(asked).status
    desk.move("withdraw", why="买家想留下商品")
    desk.sees(words("Withdrawn."), "#flash")

    assert (status_after, round_after) == (Status.PENDING_MERCHANT, 2)
    assert (again(asked).status, again(asked).close_reason) == (Status.CLOSED, "withdrawn")
