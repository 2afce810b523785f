-- What a service means to spend on texts in a month, in whole pounds; none set: null. It stops nothing.
alter table services add column monthly_budget integer check (monthly_budget > 0);

-- That those who manage a service were told, once for each share of each budget in each month ("2026-06").
create table budget_warnings (
  service_id uuid not null references services,
  month text not null,
  monthly_budget integer not null,
  percent smallint not null,
  warned_at timestamptz not null,
  primary key (service_id, month, monthly_budget, percent)
);
