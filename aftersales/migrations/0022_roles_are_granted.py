"""A role that moves money is held under a grant on record: by a second admin, or by the command line.

Rows are kept: whoever has such a role by now gets a grant on record that says so.
"""

from django.db import migrations, models

# As aftersales.rules.permissions.MONEY_ROLES; a test compares them.
MONEY = "('agent', 'senior', 'supervisor', 'merchant', 'finance', 'admin')"

BEFORE = f"""
INSERT INTO aftersales_rolerequest (account_id, role, why, asked_at, status, decided_at)
SELECT held.user_id, held.role, 'held before grants were kept', now(), 'granted', now()
FROM (
    SELECT member.user_id, role.name AS role FROM aftersales_user_groups member
    JOIN auth_group role ON role.id = member.group_id WHERE role.name IN {MONEY}
    UNION SELECT id, 'admin' FROM aftersales_user WHERE is_superuser
) held
WHERE NOT EXISTS (
    SELECT 1 FROM aftersales_rolerequest given
    WHERE given.account_id = held.user_id AND given.role = held.role AND given.status = 'granted'
);
"""
TRIGGERS = f"""
CREATE FUNCTION desk_is_granted(who bigint, held text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM aftersales_rolerequest
        WHERE account_id = who AND role = held AND status = 'granted' AND taken_at IS NULL
    )
$$;

CREATE FUNCTION desk_role_granted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text := (SELECT name FROM auth_group WHERE id = NEW.group_id);
BEGIN
    IF held IN {MONEY} AND NOT desk_is_granted(NEW.user_id, held) THEN
        RAISE EXCEPTION 'role %: nobody has granted it on record', held USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER role_granted AFTER INSERT OR UPDATE ON aftersales_user_groups
    FOR EACH ROW EXECUTE FUNCTION desk_role_granted();

-- Looked at when the transaction ends: a new account stands before its grant can.
CREATE FUNCTION desk_admin_granted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM aftersales_user WHERE id = NEW.id AND is_superuser)
       AND NOT desk_is_granted(NEW.id, 'admin') THEN
        RAISE EXCEPTION 'role admin: nobody has granted it on record' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER admin_granted AFTER INSERT OR UPDATE OF is_superuser ON aftersales_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_superuser) EXECUTE FUNCTION desk_admin_granted();

-- Whoever has lost a role needs a new grant: the old one is used up.
CREATE OR REPLACE FUNCTION desk_role_lost() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text := (SELECT name FROM auth_group WHERE id = OLD.group_id);
BEGIN
    UPDATE aftersales_user SET session_version = session_version + 1 WHERE id = OLD.user_id;
    UPDATE aftersales_rolerequest SET taken_at = now()
    WHERE account_id = OLD.user_id AND role = held AND status = 'granted' AND taken_at IS NULL
      AND NOT (role = 'admin' AND EXISTS (SELECT 1 FROM aftersales_user WHERE id = OLD.user_id AND is_superuser));
    RETURN NULL;
END $$;
CREATE FUNCTION desk_admin_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE aftersales_rolerequest SET taken_at = now()
    WHERE account_id = NEW.id AND role = 'admin' AND status = 'granted' AND taken_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER admin_lost AFTER UPDATE ON aftersales_user
    FOR EACH ROW WHEN (OLD.is_superuser AND NOT NEW.is_superuser) EXECUTE FUNCTION desk_admin_lost();

CREATE FUNCTION desk_grant_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.status <> 'pending' AND (
        OLD.taken_at IS NOT NULL OR NEW.taken_at IS NULL OR to_jsonb(NEW) - 'taken_at' <> to_jsonb(OLD) - 'taken_at'
    )) THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_kept BEFORE UPDATE OR DELETE ON aftersales_rolerequest
    FOR EACH ROW EXECUTE FUNCTION desk_grant_kept();
CREATE TRIGGER grant_not_truncated BEFORE TRUNCATE ON aftersales_rolerequest
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();

-- Under another name, a group would be another role for all who are in it.
CREATE FUNCTION desk_role_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'roles keep their names' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER role_named BEFORE UPDATE OF name ON auth_group
    FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION desk_role_named();
"""
NO_TRIGGERS = """
DROP TRIGGER role_named ON auth_group; DROP FUNCTION desk_role_named();
DROP TRIGGER grant_not_truncated ON aftersales_rolerequest;
DROP TRIGGER grant_kept ON aftersales_rolerequest; DROP FUNCTION desk_grant_kept();
DROP TRIGGER admin_lost ON aftersales_user; DROP FUNCTION desk_admin_lost();
CREATE OR REPLACE FUNCTION desk_role_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE aftersales_user SET session_version = session_version + 1 WHERE id = OLD.user_id;
    RETURN NULL;
END $$;
DROP TRIGGER admin_granted ON aftersales_user; DROP FUNCTION desk_admin_granted();
DROP TRIGGER role_granted ON aftersales_user_groups; DROP FUNCTION desk_role_granted();
DROP FUNCTION desk_is_granted(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0021_calendar_of_a_shop"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.AddField(
            "rolerequest", "taken_at", models.DateTimeField("taken at", null=True, blank=True, editable=False)
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
