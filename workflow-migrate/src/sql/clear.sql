-- The table is locked: nobody passes while the guard looks away.
ALTER TABLE {table} DISABLE TRIGGER {name.transition};
UPDATE {table} o SET {column} = NULL WHERE o.{column} IS NOT NULL AND o.state NOT IN ({states});
ALTER TABLE {table} ENABLE TRIGGER {name.transition};
