/** How large the document is, and how much of it the webhooks share. */
const events = 261;
const schemas = 430;
const propertiesEach = 59;

/** An OpenAPI 3.1 document as large providers publish them: 261 webhooks in 5 MB, whose schemas refer to many others, some to themselves. */
export function largeOpenApi(): string {
  const reference = (number: number) => ({ $ref: `#/components/schemas/part-${number % schemas}` });
  const property = (schema: number, place: number) => ({
    description: `Field ${place} of part ${schema}, described in a sentence that is as long as they usually are.`,
    type: ['string', 'null'],
    format: place % 3 === 0 ? 'uri' : 'date-time',
    examples: [place % 3 === 0 ? `https://example.com/${schema}/${place}` : '2026-01-15T09:30:00Z'],
  });
  const part = (schema: number) => ({
    title: `Part ${schema}`,
    type: 'object',
    properties: {
      id: { type: 'integer' },
      ...Object.fromEntries(Array.from({ length: propertiesEach }, (_, place) => [`field_${place}`, property(schema, place)])),
      // Most lead to a few common ones, and those back to themselves.
      ...(schema % 3 === 0 ? { parent: reference(schema), owner: reference(schema % 9) } : {}),
    },
    required: ['id', 'field_0'],
  });
  const webhook = (number: number) => ({
    post: {
      summary: `Event ${number} happened`,
      tags: [`group ${number % 20}`],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['action', 'subject'],
              properties: {
                action: { const: `act_${number}` },
                subject: reference(number),
                sender: reference(300),
                repository: reference(302),
              },
            },
          },
        },
      },
    },
  });
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'A large API', version: '1' },
    webhooks: Object.fromEntries(Array.from({ length: events }, (_, number) => [`large.event-${number}`, webhook(number)])),
    components: { schemas: Object.fromEntries(Array.from({ length: schemas }, (_, schema) => [`part-${schema}`, part(schema)])) },
  });
}
