-- A lease is kept beside the order, in no index: taking one changes its row in place, where there is room on its page
-- (docs/decisions/0019-leases-in-place.md). Ready are entries without wake_at whose lease, if they have one, has ended.
alter table jobs add column lease_ends_at timestamptz;
update jobs set lease_ends_at = wake_at, wake_at = null where leases > 0 and wake_at is not null;
alter table jobs set (fillfactor = 45, autovacuum_analyze_threshold = 100000);
alter table awaited_receipts set (autovacuum_analyze_threshold = 100000);
