-- Binaries of both versions write: one leaves the old column empty, the other fills the new one.
UPDATE orders SET note = NULL WHERE state = 'placed';
UPDATE orders SET remark = 'kept' WHERE state = 'reserved';
