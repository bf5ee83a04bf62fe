-- What becomes of each job, written down in the transaction in which it happens. A pause after a failure is shorter than a lease; so
-- the same attempt with another time than the end of a lease has failed. Attempts are those that count.
CREATE TABLE job_log (
    id      uuid NOT NULL,
    version bigint NOT NULL,
    job     text NOT NULL,
    attempt integer NOT NULL,
    what    text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    -- Since when it was due.
    due     timestamptz NOT NULL,
    -- When it is next due: of a claim, when the lease ends.
    next    timestamptz NOT NULL,
    -- Which server wrote it.
    server  timestamptz NOT NULL DEFAULT pg_postmaster_start_time()
);

-- When which server took connections.
CREATE TABLE servers (
    started timestamptz PRIMARY KEY DEFAULT pg_postmaster_start_time(),
    ready   timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO servers DEFAULT VALUES;

CREATE FUNCTION log_job() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    what text;
BEGIN
    IF NEW.attempt - NEW.forgiven > OLD.attempt - OLD.forgiven THEN
        what := 'claimed';
    ELSIF NEW.run_at = 'infinity' THEN
        what := 'parked';
    ELSIF NEW.run_at <> now() + TG_ARGV[0]::interval THEN
        what := 'failed';
    ELSE
        RETURN NULL;
    END IF;
    INSERT INTO job_log (id, version, job, attempt, what, due, next)
    VALUES (NEW.id, NEW.version, NEW.job, NEW.attempt - NEW.forgiven, what, OLD.run_at, NEW.run_at);
    RETURN NULL;
END
$$;

CREATE TRIGGER log_job AFTER UPDATE ON orders_jobs FOR EACH ROW WHEN (NEW.kind <> 'timer')
    EXECUTE FUNCTION log_job('{lease} milliseconds')
