/** The part of OpenAPI 3.1 that our document uses (https://spec.openapis.org/oas/v3.1.1). */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  description?: string;
  format?: string;
  enum?: readonly (string | number | boolean | null)[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  examples?: readonly unknown[];
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  description: string;
  required?: boolean;
  schema: Schema;
  /** Whether each value of a list has a parameter of its own. */
  explode?: boolean;
}

export interface MediaType {
  schema: Schema;
  examples?: Readonly<Record<string, { value: unknown }>>;
}

export interface Response {
  description: string;
  content?: Readonly<Record<string, MediaType>>;
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: readonly [string];
  parameters?: readonly Parameter[];
  requestBody?: { required: boolean; content: Readonly<Record<string, MediaType>> };
  responses: Readonly<Record<string, Response>>;
  /** Empty when anybody may ask. */
  security?: readonly [];
}

export type Paths = Readonly<
  Record<string, { get?: Operation; post?: Operation; patch?: Operation; delete?: Operation }>
>;

export interface Document {
  openapi: "3.1.1";
  info: { title: string; version: string; description: string };
  servers: readonly [{ url: string }];
  security: readonly [Readonly<Record<string, readonly []>>];
  tags: readonly { name: string; description: string }[];
  paths: Paths;
  components: {
    schemas: Readonly<Record<string, Schema>>;
    securitySchemes: Readonly<
      Record<string, { type: "http"; scheme: "bearer"; bearerFormat: "JWT"; description: string }>
    >;
  };
}
