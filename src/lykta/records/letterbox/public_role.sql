-- What the public faces may do on PostgreSQL: run this once as the owner of the letterbox, after `lykta init`, with
-- psql's variable `role` set:  psql -v role=lykta_public -f public_role.sql letterbox
-- The owner (the worker and the desk) is not bound by the row rules below; everybody else is.

GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT ON letterbox_box, letterbox_letter TO :"role";
GRANT SELECT ON letterbox_parcel TO :"role";
GRANT SELECT, INSERT, DELETE ON letterbox_chunk TO :"role"; -- who holds the number of an upload may go on or drop it
GRANT SELECT ON letterbox_partner TO :"role"; -- digests of tokens, no token
GRANT SELECT, INSERT ON letterbox_submission TO :"role"; -- keyed digests: what a partner sent twice counts once
GRANT DELETE ON letterbox_letter, letterbox_parcel TO :"role"; -- who holds a code may empty its mailbox,
GRANT UPDATE (kind, sealed, received_at) ON letterbox_letter TO :"role"; -- goes on writing a report,
GRANT UPDATE (expires_at) ON letterbox_box TO :"role"; -- and close it
GRANT SELECT, INSERT, DELETE ON letterbox_handover TO :"role"; -- who holds a ticket opens what it stands for, once
GRANT SELECT ON letterbox_link TO :"role"; -- partners' links, and who may show the form in a frame
GRANT SELECT, INSERT, UPDATE (visits, tips) ON letterbox_tally TO :"role"; -- counts, about nobody
GRANT SELECT ON letterbox_feedentry TO :"role"; -- the list of hashes that partners fetch
GRANT INSERT ON letterbox_fetch, letterbox_feedback TO :"role"; -- who fetched what, and what they say of it
GRANT SELECT ON django_migrations TO :"role"; -- `lykta serve` looks whether the tables are there
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"role";
