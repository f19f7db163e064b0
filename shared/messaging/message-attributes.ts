interface StringAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/** The form that both SQS and SNS take message attributes in. */
export function stringAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, StringAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
}
