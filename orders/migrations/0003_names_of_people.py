"""Names of people, each once, with an index that forgives a typo; triggers keep them."""

import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F, Func

# Only functions of PostgreSQL itself: neither the embedded server nor a plain role has pg_trgm or unaccent.
FUNCTIONS = r"""
CREATE FUNCTION desk_folded(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(normalize(regexp_replace(normalize(body, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC))
$$;
CREATE FUNCTION desk_name_keys(name text) RETURNS int4[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    folded text := lower(normalize(regexp_replace(normalize(left(name, 200), NFKD), '[\u0300-\u036f]', '', 'g'), NFKC));
    bare text := regexp_replace(folded, '[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\u30fb]+', ' ', 'g');
    word text;
    keys int4[] := '{}';
    size int;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(bare), ' ') LOOP
        keys := keys || hashtext(word);
        size := length(word);
        CONTINUE WHEN size > 20 OR size < CASE WHEN word COLLATE "C" >= U&'\2e80' THEN 3 ELSE 4 END;
        FOR gap IN 1..size LOOP
            keys := keys || hashtext(left(word, gap - 1) || substr(word, gap + 1));
        END LOOP;
    END LOOP;
    RETURN keys;
END $$;
"""
TRIGGERS = """
CREATE FUNCTION desk_name_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'orders_order' THEN
        INSERT INTO orders_personname (text) SELECT DISTINCT receiver_name FROM fresh f WHERE receiver_name <> ''
            AND NOT EXISTS (SELECT 1 FROM orders_personname n WHERE n.text = f.receiver_name);
    ELSE
        INSERT INTO orders_personname (text) SELECT DISTINCT name FROM fresh f WHERE name <> ''
            AND NOT EXISTS (SELECT 1 FROM orders_personname n WHERE n.text = f.name);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION desk_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := to_jsonb(OLD) ->> TG_ARGV[0];
    becomes text := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) ->> TG_ARGV[0] END;
BEGIN
    INSERT INTO orders_personname (text) SELECT becomes WHERE becomes <> ''
        AND NOT EXISTS (SELECT 1 FROM orders_personname n WHERE n.text = becomes);
    DELETE FROM orders_personname n WHERE n.text = was
        AND NOT EXISTS (SELECT 1 FROM orders_order WHERE receiver_name = was)
        AND NOT EXISTS (SELECT 1 FROM orders_buyer WHERE name = was);
    RETURN NULL;
END $$;
CREATE TRIGGER order_name_given AFTER INSERT ON orders_order
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION desk_name_given();
CREATE TRIGGER buyer_name_given AFTER INSERT ON orders_buyer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION desk_name_given();
CREATE TRIGGER order_name_changed AFTER UPDATE OF receiver_name ON orders_order
    FOR EACH ROW WHEN (OLD.receiver_name IS DISTINCT FROM NEW.receiver_name)
    EXECUTE FUNCTION desk_name_changed('receiver_name');
CREATE TRIGGER buyer_name_changed AFTER UPDATE OF name ON orders_buyer
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION desk_name_changed('name');
CREATE TRIGGER order_name_gone AFTER DELETE ON orders_order
    FOR EACH ROW WHEN (OLD.receiver_name <> '') EXECUTE FUNCTION desk_name_changed('receiver_name');
CREATE TRIGGER buyer_name_gone AFTER DELETE ON orders_buyer
    FOR EACH ROW WHEN (OLD.name <> '') EXECUTE FUNCTION desk_name_changed('name');
"""
NO_TRIGGERS = """
DROP TRIGGER buyer_name_gone ON orders_buyer; DROP TRIGGER order_name_gone ON orders_order;
DROP TRIGGER buyer_name_changed ON orders_buyer; DROP TRIGGER order_name_changed ON orders_order;
DROP TRIGGER buyer_name_given ON orders_buyer; DROP TRIGGER order_name_given ON orders_order;
DROP FUNCTION desk_name_changed(); DROP FUNCTION desk_name_given();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_integrity")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION desk_name_keys(text); DROP FUNCTION desk_folded(text);"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.AddIndex(
            "personname",
            django.contrib.postgres.indexes.GinIndex(Func(F("text"), function="desk_name_keys"), name="person_name_keys"),
        ),
    ]
