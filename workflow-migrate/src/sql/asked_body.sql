BEGIN
    RETURN jsonb_populate_record(NULL::{table}, {defaults}{renamed}{function}.fields);
END
