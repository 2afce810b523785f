-- What emails and letters show at their top: a service's own logo, or one that platform administrators keep for organisations. What was
-- sent keeps its picture: it went along.
create table brands (
  id uuid primary key,
  channel text not null check (channel in ('email', 'letter')),
  -- Whose own it is, and no other service's. Null: shared.
  service_id uuid references services,
  -- What people choose it by. A service's own has none.
  name text,
  format text not null check (format in ('png', 'svg')),
  -- As uploaded.
  picture bytea not null,
  -- In pixels, of the picture itself. Null: a drawing, or not needed.
  width integer check (width > 0),
  height integer check (height > 0),
  -- What it shows, for people who do not see it.
  alternative_text text not null,
  -- "#00573f", lower case; null is none.
  colour text check (colour ~ '^#[0-9a-f]{6}$'),
  -- Where the colour is: behind the logo, or as a bar at its left.
  style text not null default 'banner' check (style in ('banner', 'bar')),
  changed_at timestamptz not null default now(),
  archived_at timestamptz,
  unique (id, channel),
  unique (service_id, channel),
  check ((service_id is null) = (name is not null)),
  check (channel <> 'email' or (format = 'png' and width is not null and height is not null))
);
create unique index brands_name on brands (channel, lower(name)) where archived_at is null;

-- The brands that an organisation's services may choose from.
create table organisation_brands (
  organisation_id uuid not null references organisations,
  brand_id uuid not null,
  channel text not null,
  -- New services begin with it.
  is_default boolean not null default false,
  primary key (organisation_id, brand_id),
  foreign key (brand_id, channel) references brands (id, channel)
);
create unique index organisation_brands_default on organisation_brands (organisation_id, channel) where is_default;
create index organisation_brands_by_brand on organisation_brands (brand_id);

-- The brand that a service's emails or letters show.
create table service_brands (
  service_id uuid not null references services,
  channel text not null,
  brand_id uuid not null,
  chosen_at timestamptz not null default now(),
  primary key (service_id, channel),
  foreign key (brand_id, channel) references brands (id, channel)
);
create index service_brands_by_brand on service_brands (brand_id);

insert into brands (id, channel, service_id, format, picture, width, height, alternative_text, colour, changed_at)
select gen_random_uuid(), 'email', e.service_id, 'png', e.picture, e.width, e.height, e.alternative_text, e.banner_colour, e.created_at
from email_brands e;
insert into brands (id, channel, service_id, format, picture, alternative_text, changed_at)
select gen_random_uuid(), 'letter', l.service_id, l.format, l.picture, l.description, l.created_at from letter_logos l;
insert into service_brands (service_id, channel, brand_id, chosen_at)
select b.service_id, b.channel, b.id, b.changed_at from brands b;

-- Neither was in a release.
drop table email_brands;
drop table letter_logos;
