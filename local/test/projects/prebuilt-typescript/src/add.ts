interface Sum {
  pathParameters: { left: string; right: string };
}

export const handler = async ({ pathParameters }: Sum): Promise<object> => {
  const { left, right } = pathParameters;
  return { statusCode: 200, body: String(Number(left) + Number(right)) };
};
