/** The API reference as people read it, made from the document that programs read. */
import { openApiDocument } from "./openapi/document.ts";
import type { Document, MediaType, Operation, Parameter, Response, Schema } from "./openapi/types.ts";

export interface Reference {
  origin: string;
  description: string;
  authentication: string;
  sections: Section[];
}

interface Section {
  name: string;
  description: string;
  operations: ShownOperation[];
}

interface ShownOperation {
  anchor: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  needsToken: boolean;
  parameters: Field[];
  /** One table for each form the body can have. */
  bodies: Field[][];
  /** Null when there is none to show. */
  example: string | null;
  answers: { status: string; description: string; fields: Field[] }[];
  refusals: Refused[];
}

/** A row: a parameter, or a field at any depth, as `content.body`. */
interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

interface Refused {
  status: string;
  error: string;
  message: string;
}

type Schemas = Document["components"]["schemas"];

export function apiReference(origin: string): Reference {
  const document = openApiDocument(origin);
  return {
    origin,
    description: document.info.description,
    authentication: document.components.securitySchemes["token"]?.description ?? "",
    sections: document.tags.map((tag) => ({ ...tag, operations: operationsOf(document, tag.name) })),
  };
}

function operationsOf({ paths, components }: Document, tag: string): ShownOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => show({ method, path, operation }, components.schemas)),
  );
}

function show(
  { method, path, operation }: { method: string; path: string; operation: Operation },
  schemas: Schemas,
): ShownOperation {
  const body = operation.requestBody?.content["application/json"];
  const responses = Object.entries(operation.responses);
  return {
    anchor: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    description: operation.description,
    needsToken: operation.security === undefined,
    parameters: (operation.parameters ?? []).map(parameterField),
    bodies: body ? alternatives(body.schema).map((schema) => fieldsOf(schema, schemas)) : [],
    example: exampleOf(body),
    answers: responses.filter(([, response]) => !isRefusal(response)).map((answer) => shownAnswer(answer, schemas)),
    refusals: responses.filter(([, response]) => isRefusal(response)).flatMap(refusalsOf),
  };
}

function parameterField({ name, in: place, required = false, description, schema }: Parameter): Field {
  return { name, type: `${place}, ${typeOf(schema)}`, isRequired: required, description };
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? [schema];
}

function exampleOf(body: MediaType | undefined): string | null {
  const [example] = Object.values(body?.examples ?? {});
  return example ? JSON.stringify(example.value, null, 2) : null;
}

/** Refusals are the answers that come with examples of what they say. */
function isRefusal({ content }: Response): boolean {
  return content?.["application/json"]?.examples !== undefined;
}

function shownAnswer([status, { description, content }]: [string, Response], schemas: Schemas) {
  const schema = content?.["application/json"]?.schema;
  return { status, description, fields: schema ? fieldsOf(schema, schemas) : [] };
}

function refusalsOf([status, { content }]: [string, Response]): Refused[] {
  return Object.values(content?.["application/json"]?.examples ?? {}).flatMap(({ value }) =>
    (value as { errors: { error: string; message: string }[] }).errors.map((each) => ({ status, ...each })),
  );
}

/** The fields of an object and of what is in it. */
function fieldsOf(schema: Schema, schemas: Schemas, prefix = ""): Field[] {
  const { properties = {}, required = [] } = resolved(schema, schemas);
  return Object.entries(properties).flatMap(([name, inner]) => {
    const field = resolved(inner, schemas);
    const isRequired = required.includes(name);
    const row = { name: prefix + name, type: typeOf(field), isRequired, description: field.description ?? "" };
    return [row, ...innerFields(field, schemas, `${prefix}${name}`)];
  });
}

function innerFields(field: Schema, schemas: Schemas, name: string): Field[] {
  return field.items ? fieldsOf(field.items, schemas, `${name}[].`) : fieldsOf(field, schemas, `${name}.`);
}

function resolved(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return (name === undefined ? undefined : schemas[name]) ?? schema;
}

function typeOf({ type = "object", format, items, enum: choices }: Schema): string {
  const named = items?.enum ?? choices;
  if (named) return named.map((choice) => `\`${choice}\``).join(", ");
  const words = [type].flat().join(" or ");
  return format ? `${words} (${format})` : words;
}
