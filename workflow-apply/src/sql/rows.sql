SELECT version, description, success, checksum FROM {table} ORDER BY version
