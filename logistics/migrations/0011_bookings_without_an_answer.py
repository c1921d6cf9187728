"""A booking that was never answered waits for a person; the constraint is validated without a long lock."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

TODO = [("book", "To be booked"), ("ask", "Perhaps booked: ask the carrier before you try again"), ("call_off", "To be called off")]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("logistics", "0010_last_heard_of")]

    operations = [
        migrations.AlterField(
            "pickup", "todo", models.CharField(blank=True, choices=TODO, max_length=10, verbose_name="to be done")
        ),
        migrations.RemoveConstraint("pickup", "pickup_todo_known"),
        AddConstraintNotValid(
            "pickup",
            models.CheckConstraint(
                condition=models.Q(("todo__in", ["", "book", "ask", "call_off"])), name="pickup_todo_known"
            ),
        ),
        ValidateConstraint("pickup", "pickup_todo_known"),
    ]
