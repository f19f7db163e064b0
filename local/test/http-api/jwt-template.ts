const integration = (api: string) => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId: { Ref: api },
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': ['Echo', 'Arn'] },
    PayloadFormatVersion: '2.0',
  },
});

export const route = (RouteKey: string, rest: object = {}, api = 'Api') => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: { Ref: api },
    RouteKey,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${api}Integration` }]] },
    ...rest,
  },
});

const protectedBy = (authorizer: string) => ({
  AuthorizationType: 'JWT',
  AuthorizerId: { Ref: authorizer },
});

const authorizer = (Issuer: unknown, Audience: unknown[]) => ({
  Type: 'AWS::ApiGatewayV2::Authorizer',
  Properties: {
    ApiId: { Ref: 'Api' },
    AuthorizerType: 'JWT',
    Name: 'callers',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer, Audience },
  },
});

/** Answers with the event that it got. */
export const ECHO = `export const handler = async (event) => event;`;

/** An API that asks who calls: by the template's user pool, and by an outside issuer. */
export const protectedApi = (outsideIssuer = 'http://127.0.0.1:9/issuer') => ({
  Resources: {
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'customers' } },
    Client: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Pool' } } },
    OtherPool: { Type: 'AWS::Cognito::UserPool' },
    OtherClient: {
      Type: 'AWS::Cognito::UserPoolClient',
      Properties: { UserPoolId: { Ref: 'OtherPool' } },
    },
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Key: 'echo.zip' } },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } },
    ApiIntegration: integration('Api'),
    Authorizer: authorizer(
      { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}' },
      [{ Ref: 'Client' }],
    ),
    OutsideAuthorizer: authorizer(outsideIssuer, ['shop']),
    OpenRoute: route('GET /open'),
    ProtectedRoute: route('GET /protected', protectedBy('Authorizer')),
    ScopedRoute: route('GET /scoped', {
      ...protectedBy('Authorizer'),
      AuthorizationScopes: ['orders/read', 'orders/write'],
    }),
    OutsideRoute: route('GET /outside', protectedBy('OutsideAuthorizer')),
    SecondApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'second' } },
    SecondApiIntegration: integration('SecondApi'),
    SecondRoute: route('GET /second', {}, 'SecondApi'),
  },
  Outputs: {
    Pool: { Value: { Ref: 'Pool' } },
    OtherPool: { Value: { Ref: 'OtherPool' } },
    Client: { Value: { Ref: 'Client' } },
    Issuer: { Value: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] } },
    SecondApi: { Value: { 'Fn::GetAtt': ['SecondApi', 'ApiEndpoint'] } },
    SecondApiId: { Value: { Ref: 'SecondApi' } },
    SecondApiOnAws: {
      Value: { 'Fn::Sub': 'https://${SecondApi}.execute-api.${AWS::Region}.amazonaws.com/second' },
    },
  },
});
