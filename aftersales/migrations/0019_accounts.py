"""Touches of accounts, requests for roles, sessions that end for good, a merchant for each person of one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = """
CREATE TRIGGER touch_kept BEFORE UPDATE OR DELETE ON aftersales_accounttouch
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER touch_not_truncated BEFORE TRUNCATE ON aftersales_accounttouch
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();

CREATE FUNCTION desk_sessions_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A form that was read before may write an older number: it never goes back.
    NEW.session_version := GREATEST(NEW.session_version, OLD.session_version);
    IF (OLD.is_active AND NOT NEW.is_active) OR (OLD.is_superuser AND NOT NEW.is_superuser) THEN
        NEW.session_version := NEW.session_version + 1;
    END IF;
    IF NEW.merchant_id IS NULL AND OLD.merchant_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM aftersales_user_groups held JOIN auth_group role ON role.id = held.group_id
        WHERE held.user_id = NEW.id AND role.name = 'merchant'
    ) THEN
        RAISE EXCEPTION 'a person of a merchant has a merchant' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_sessions_end BEFORE UPDATE ON aftersales_user
    FOR EACH ROW EXECUTE FUNCTION desk_sessions_end();

CREATE FUNCTION desk_role_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE aftersales_user SET session_version = session_version + 1 WHERE id = OLD.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER role_lost AFTER DELETE ON aftersales_user_groups
    FOR EACH ROW EXECUTE FUNCTION desk_role_lost();

CREATE FUNCTION desk_merchant_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM auth_group WHERE id = NEW.group_id AND name = 'merchant')
       AND EXISTS (SELECT 1 FROM aftersales_user WHERE id = NEW.user_id AND merchant_id IS NULL) THEN
        RAISE EXCEPTION 'a person of a merchant has a merchant' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER merchant_named AFTER INSERT OR UPDATE ON aftersales_user_groups
    FOR EACH ROW EXECUTE FUNCTION desk_merchant_named();
"""
NO_TRIGGERS = """
DROP TRIGGER merchant_named ON aftersales_user_groups; DROP FUNCTION desk_merchant_named();
DROP TRIGGER role_lost ON aftersales_user_groups; DROP FUNCTION desk_role_lost();
DROP TRIGGER user_sessions_end ON aftersales_user; DROP FUNCTION desk_sessions_end();
DROP TRIGGER touch_not_truncated ON aftersales_accounttouch; DROP TRIGGER touch_kept ON aftersales_accounttouch;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0018_login_log_kept"),
    ]

    operations = [
        migrations.AlterModelManagers(
            name='user',
            managers=[],
        ),
        migrations.AddField(
            model_name='user',
            name='session_version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.CreateModel(
            name='AccountTouch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('password', 'Password'), ('second_factor', 'Second factor'), ('roles', 'Roles'), ('access', 'Access')], max_length=15, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='touches', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'change of an account',
                'verbose_name_plural': 'changes of accounts',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['account', 'at'], name='touches_of_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['password', 'second_factor', 'roles', 'access'])), name='touch_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='RoleRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('senior', 'Senior agent'), ('supervisor', 'Supervisor'), ('finance', 'Finance'), ('warehouse', 'Warehouse'), ('merchant', 'Merchant'), ('admin', 'Admin')], max_length=12, verbose_name='role')),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('status', models.CharField(choices=[('pending', 'Waiting'), ('granted', 'Granted'), ('declined', 'Declined')], default='pending', max_length=10, verbose_name='status')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_requests', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'request for a role',
                'verbose_name_plural': 'requests for roles',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'granted', 'declined'])), name='role_request_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'granted'), _negated=True), models.Q(('asked_by__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('decided_by', models.F('account')), _negated=True)), _connector='OR'), name='second_admin_grants'), models.UniqueConstraint(condition=models.Q(('status', 'pending')), fields=('account', 'role'), name='one_pending_request_per_role')],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
