-- How many rows are not what they should be: each version is one row of history, and each move of a pallet one on its shelf.
SELECT ((SELECT coalesce(sum(p.version), 0) - (SELECT count(*) FROM parcels_history) FROM parcels p)
     + (SELECT coalesce(sum(p.version), 0) - (SELECT count(*) FROM pallets_history) FROM pallets p)
     + (SELECT coalesce(sum(p.version - 1), 0) - (SELECT count(*) FROM hand_history) FROM hand_parcels p)
     + (SELECT count(*) FROM parcels p WHERE (p.state = 'moving') IS DISTINCT FROM EXISTS (SELECT FROM parcels_jobs j WHERE j.id = p.id))
     + (SELECT count(*) FROM hand_parcels p WHERE (p.state = 'moving') IS DISTINCT FROM EXISTS (SELECT FROM hand_jobs j WHERE j.id = p.id))
     + (SELECT count(*) FROM pallets p JOIN shelves s ON s.pallet = p.id WHERE s.moves <>
           (SELECT count(*) FROM pallets_history h WHERE h.id = p.id AND h.event IN ('send', 'stop', 'lift'))))::bigint
