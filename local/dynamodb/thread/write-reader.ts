import * as z from 'zod';

/** A write as a request asks for it. */
export interface RequestedWrite {
  table: string;
  operation: string;
  key: string | undefined;
}

const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));
const createTable = z.object({
  TableName: z.string(),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
});
const putItem = z.object({ TableName: z.string(), Item: attributes });
const keyedWrite = z.object({ TableName: z.string(), Key: attributes });
const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: attributes }).optional(),
        DeleteRequest: z.object({ Key: attributes }).optional(),
      }),
    ),
  ),
});

/** Tells which items a DynamoDB request writes. */
export class WriteReader {
  readonly #keyNames = new Map<string, string[]>();

  /** True for the operations that `learn` or `read` want to see the body of. */
  wants(operation: string): boolean {
    return operation === 'CreateTable' || WRITES.has(operation);
  }

  /** Remembers the key of a table from the request that creates it, be it new or there already. */
  learn(body: string): void {
    const parsed = createTable.safeParse(JSON.parse(body));
    if (!parsed.success) return;
    const names = parsed.data.KeySchema.toSorted((left) => (left.KeyType === 'HASH' ? -1 : 1));
    this.#keyNames.set(
      parsed.data.TableName,
      names.map((element) => element.AttributeName),
    );
  }

  /** The writes of a request that DynamoDB accepted; none of one in a shape that is not known. */
  read(operation: string, body: string): RequestedWrite[] {
    const json: unknown = JSON.parse(body);
    const read = <T>(schema: z.ZodType<T>): T | undefined => schema.safeParse(json).data;
    switch (operation) {
      case 'PutItem': {
        const put = read(putItem);
        return put ? [this.#write(put.TableName, operation, put.Item)] : [];
      }
      case 'UpdateItem':
      case 'DeleteItem': {
        const write = read(keyedWrite);
        return write ? [this.#write(write.TableName, operation, write.Key)] : [];
      }
      case 'BatchWriteItem':
        return Object.entries(read(batchWrite)?.RequestItems ?? {}).flatMap(([table, requests]) =>
          requests.map(({ PutRequest: put, DeleteRequest: remove }) =>
            this.#write(table, put ? 'PutItem' : 'DeleteItem', put?.Item ?? remove?.Key ?? {}),
          ),
        );
      default:
        return [];
    }
  }

  #write(table: string, operation: string, item: z.infer<typeof attributes>): RequestedWrite {
    return { table, operation, key: this.#keyOf(table, item) };
  }

  #keyOf(table: string, item: z.infer<typeof attributes>): string | undefined {
    const values = this.#keyNames.get(table)?.map((name) =>
      Object.values(item[name] ?? {})
        .map(String)
        .join(''),
    );
    return values?.join('/');
  }
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
