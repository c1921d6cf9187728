"""Accounts: one-use links to set a password, roles that a second admin grants, access that ends."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.people import acting_role, second_factor, second_person
from aftersales.models import AccountTouch, RoleRequest, User
from aftersales.models.people.accounts import RoleStatus, TouchKind
from aftersales.models.people.staff import FIRST_ADMINS
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused


class Links(PasswordResetTokenGenerator):
    """One-use links: dead after use, after any change of the account, once a newer one is made, and after some time."""

    key_salt = "aftersales.actions.people.accounts.Links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        newest = user.touches.filter(kind=TouchKind.PASSWORD).values_list("pk", flat=True).first()
        return f"{super()._make_hash_value(user, timestamp)}{user.session_version}{user.is_active}{newest}"


LINKS = Links()


@gate.transactional
def make_link(account_id: int, *, by: Actor, at: datetime) -> str:
    """The path under which somebody sets their own password, once; on record, and the links made before are dead."""
    _insist_on_admin(by)
    account = _locked(account_id)
    if account.pk == by.user_id:
        raise Refused(_("Your own password you change on the page of your account."))
    if not account.is_active:
        raise Refused(_("This account is switched off."))
    return _link(account, by.user_id, at)


def _link(account: User, by_id: int | None, at: datetime) -> str:
    touch(account.pk, TouchKind.PASSWORD, by_id, at=at, note="link")
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    return reverse("password-set", args=[uid, LINKS.make_token(account)])


@gate.transactional
def ask_role(account_id: int, role: Role, *, by: Actor, at: datetime, why: str) -> RoleRequest:
    """One admin asks for a role for somebody, and says why."""
    _insist_on_admin(by)
    account = _locked(account_id)
    if not why.strip():
        raise Refused(_("Say why."))
    if role in account.roles:
        raise Refused(_("This person has the role already."))
    if RoleRequest.objects.filter(account=account, role=role, status=RoleStatus.PENDING).exists():
        raise Refused(_("It already waits for a second admin."))
    _refuse_without_merchant(account, role)
    return RoleRequest.objects.create(account=account, role=role, why=why.strip(), asked_by_id=by.user_id, asked_at=at)


@gate.transactional
def grant(request_id: int, *, by: Actor, at: datetime) -> RoleRequest:
    """The second admin grants it; both are on record as having touched the roles of the account."""
    request = _decided(request_id, RoleStatus.GRANTED, by, at)
    second_person.insist(request.asked_by_id, by.user_id, at=at)
    if by.user_id == request.account_id:
        raise Refused(_("Nobody grants a role to themselves: another admin has to."))
    request.save()
    for who in (request.asked_by_id, by.user_id):
        touch(request.account_id, TouchKind.ROLES, who, at=at, note=f"+{request.role}")
    _give(request.account, Role(request.role))
    return request


@gate.transactional
def decline(request_id: int, *, by: Actor, at: datetime) -> RoleRequest:
    """An admin drops the request, the one who asked too."""
    request = _decided(request_id, RoleStatus.DECLINED, by, at)
    request.save()
    return request


@gate.transactional
def take_role(account_id: int, role: Role, *, by: Actor, at: datetime) -> User:
    """Somebody loses a role at once, and every session of theirs ends."""
    _insist_on_admin(by)
    account = _locked(account_id)
    if role not in account.roles:
        raise Refused(_("This person does not have the role."))
    if role == Role.ADMIN:
        _refuse_last_admin(account)
        User.objects.filter(pk=account.pk).update(is_staff=False, is_superuser=False)
    account.groups.remove(*Group.objects.filter(name=role.value))
    touch(account.pk, TouchKind.ROLES, by.user_id, at=at, note=f"-{role.value}")
    return account


@gate.transactional
def remove_second_factor(account_id: int, *, by: Actor, at: datetime) -> User:
    """An admin lets somebody who has lost their device begin anew; every session of theirs ends."""
    _insist_on_admin(by)
    account = _locked(account_id)
    if account.pk == by.user_id:
        raise Refused(_("Your own second factor you change on the page of your account."))
    second_factor.forget(account)
    User.objects.filter(pk=account.pk).update(session_version=F("session_version") + 1)
    touch(account.pk, TouchKind.SECOND_FACTOR, by.user_id, at=at, note="removed")
    return account


@gate.transactional
def first_admin(username: str, *, at: datetime, why: str) -> tuple[User, str]:
    """One of the first two admins, from the command line: the account and the link for its password."""
    # The lock: two commands at the same moment would make three.
    list(Group.objects.select_for_update().filter(name=Role.ADMIN.value))
    if _admins().exclude(username=username).count() >= FIRST_ADMINS:
        raise Refused(_("There are two admins: one of them asks for the role, the other grants it."))
    account, _is_new = User.objects.get_or_create(username=username)
    account.on_record(Role.ADMIN, at, why=why)
    touch(account.pk, TouchKind.ROLES, None, at=at, note="+admin")
    _give(account, Role.ADMIN)
    return account, _link(_locked(account.pk), None, at)


def touch(account_id: int, kind: TouchKind, by_id: int | None, *, at: datetime, note: str = "") -> None:
    """Put on record that somebody changed an account; what people do to their own is no touch."""
    if account_id != by_id:
        AccountTouch.objects.create(account_id=account_id, kind=kind, by_id=by_id, at=at, note=note)


def _give(account: User, role: Role) -> None:
    account.groups.add(Group.objects.get(name=role.value))
    if role == Role.ADMIN:
        User.objects.filter(pk=account.pk).update(is_staff=True, is_superuser=True)


def _decided(request_id: int, status: RoleStatus, by: Actor, at: datetime) -> RoleRequest:
    _insist_on_admin(by)
    request = RoleRequest.objects.select_for_update(of=("self",)).select_related("account").get(pk=request_id)
    if request.status != RoleStatus.PENDING:
        raise Refused(_("Somebody has decided this meanwhile: %(state)s.") % {"state": request.get_status_display()})
    if status == RoleStatus.GRANTED:
        _refuse_without_merchant(request.account, Role(request.role))
    request.status, request.decided_by_id, request.decided_at = status, by.user_id, at
    return request


def _insist_on_admin(by: Actor) -> None:
    if acting_role.role_in(rights.KEEP_ACCOUNTS, by) is None:
        raise gate.Forbidden(_("Only an admin may do this."))


def _locked(account_id: int) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=account_id)


def _admins() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_superuser=True)


def _refuse_last_admin(account: User) -> None:
    if not _admins().exclude(pk=account.pk).exists():
        raise Refused(_("This is the last admin."))


def _refuse_without_merchant(account: User, role: Role) -> None:
    if role == Role.MERCHANT and account.merchant_id is None:
        raise Refused(_("Choose first the merchant that this person works for."))
