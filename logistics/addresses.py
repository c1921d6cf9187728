"""Which of a merchant's addresses goods are sent back to."""

from collections.abc import Iterable

from django.db.models import Q

from logistics.models import ReturnAddress


def best(merchant_id: int, categories: Iterable[str]) -> ReturnAddress | None:
    """The active address that takes all these categories and fewest others; else the active default one; else None."""
    wanted = set(categories)
    fits = Q(is_default=True)
    # Goods without a category fit no special address, so everything goes to the default one.
    if wanted and "" not in wanted:
        fits |= Q(categories__contains=sorted(wanted))
    found = list(ReturnAddress.objects.filter(fits, merchant_id=merchant_id, is_active=True).order_by("pk"))
    special = [each for each in found if wanted and wanted <= set(each.categories)]
    if special:
        return min(special, key=lambda each: len(each.categories))
    return next((each for each in found if each.is_default), None)
