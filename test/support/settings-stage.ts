/**
 * What tests of a service's settings stand on: a world, its admin, and for each test a service of its own with somebody who manages it.
 *
 *     let stage: SettingsStage;
 *     beforeAll(async () => { stage = await openSettings(); });
 *     beforeEach(async () => { ({ service, person, path } = await stage.place("letter-contacts")); });
 *     afterAll(() => stage?.close());
 */
import { type Person, startAdmin, type TestAdmin } from "./admin.ts";
import { createWorld, type ServiceWish, type World, type WorldService } from "./world.ts";

export interface SettingsStage {
  world: World;
  admin: TestAdmin;
  /** Of the page of the settings that is named; without a name, of them all. */
  place(page?: string, wish?: ServiceWish): Promise<SettingsPlace>;
  close(): Promise<void>;
}

export interface SettingsPlace {
  service: WorldService;
  /** Who may manage the service, and nothing else. */
  person: Person;
  path: string;
}

export async function openSettings(): Promise<SettingsStage> {
  const world = await createWorld();
  const admin = await startAdmin(world.app);
  let servicesMade = 0;
  return {
    ...{ world, admin },
    place: async (page, wish = {}) => {
      servicesMade += 1;
      const service = await world.service({ name: `Parks ${servicesMade}`, ...wish });
      const person = await admin.person({ in: service, permissions: ["manage_service"] });
      const path = ["/services", service.id, "settings", ...(page === undefined ? [] : [page])].join("/");
      return { service, person, path };
    },
    close: async () => {
      await admin.close();
      await world.close();
    },
  };
}
