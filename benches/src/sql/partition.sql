-- History in 16 partitions, with the indexes and the triggers that the generated migration gives it. Nothing else is changed.
CREATE TABLE parcels_history_apart (LIKE parcels_history INCLUDING ALL) PARTITION BY HASH (id);
DO $$ BEGIN
    FOR n IN 0..15 LOOP
        EXECUTE format('CREATE TABLE parcels_history_%s PARTITION OF parcels_history_apart FOR VALUES WITH (MODULUS 16, REMAINDER %s)', n, n);
    END LOOP;
END $$;
DROP TABLE parcels_history CASCADE;
ALTER TABLE parcels_history_apart RENAME TO parcels_history;
CREATE TRIGGER parcels_history_written BEFORE INSERT OR DELETE ON parcels_history FOR EACH ROW EXECUTE FUNCTION parcels_history_written();
CREATE TRIGGER parcels_history_update BEFORE UPDATE ON parcels_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
