-- The `it's 100% a parcel` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE "Sales"."user" IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM "Sales"."user";
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', '"Sales"."user"', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW "Sales".user_stuck;
DROP VIEW "Sales".user_timeline;

DROP TRIGGER user_history_truncate ON "Sales".user_history;
DROP TRIGGER user_history_update ON "Sales".user_history;
DROP TRIGGER user_history_written ON "Sales".user_history;
DROP TRIGGER user_truncate ON "Sales"."user";
DROP TRIGGER user_removed ON "Sales"."user";
DROP TRIGGER user_transition ON "Sales"."user";

DROP FUNCTION "Sales".user_twist(text);
DROP FUNCTION "Sales".user_give_up(text);
DROP FUNCTION "Sales".user_refused(text);
DROP FUNCTION "Sales".user_carried(text);
DROP FUNCTION "Sales".user_scanned(text);
DROP FUNCTION "Sales".user_overdue(text);
DROP FUNCTION "Sales".user_plan(text, timestamptz);
DROP FUNCTION "Sales".user_weigh(text, numeric(12,2), integer);
DROP FUNCTION "Sales".user_nudge(text);
DROP FUNCTION "Sales".user_lose(text);
DROP FUNCTION "Sales".user_resume(text);
DROP FUNCTION "Sales".user_wait(text, timestamptz);
DROP FUNCTION "Sales".user_seal(text, text, json);
DROP FUNCTION "Sales".user_cancel_creation(text);
DROP FUNCTION "Sales".user_create_at(text, timestamptz, jsonb);
DROP FUNCTION "Sales".user_asked(jsonb);
DROP FUNCTION "Sales".user_force(text, text, jsonb, text);
DROP FUNCTION "Sales".user_history_written();
DROP FUNCTION "Sales".user_removed();
DROP FUNCTION "Sales".user_recorded(jsonb);
DROP FUNCTION "Sales".user_void(text, uuid);
DROP FUNCTION "Sales".user_done(text, uuid);
DROP FUNCTION "Sales".user_transition();
DROP FUNCTION "Sales".user_effects("Sales"."user", "Sales"."user");
DROP FUNCTION "Sales".user_guards("Sales"."user", "Sales"."user");

DROP TABLE "Sales".user_jobs;
DROP TABLE "Sales".user_history;

DROP TABLE "Sales"."user";

DELETE FROM workflow.edges WHERE workflow = 'it''s 100% a parcel';
DELETE FROM workflow.models WHERE workflow = 'it''s 100% a parcel';
