import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { anyValue, policyDocument, resourcesOf, subscriptionsOf } from '../model.ts';

const permissionSchema = z.object({ Principal: z.string(), FunctionName: anyValue });
const roleSchema = z.object({ Policies: z.array(z.object({ PolicyDocument: policyDocument })) });

/** Whatever makes the system send mails: a subscription, a permission to invoke, one to send. */
export function waysToMail(template: Template): string[] {
  return [
    ...subscriptionsOf(template)
      .filter(({ properties }) => properties.Protocol === 'lambda')
      .map(({ id }) => id),
    ...resourcesOf(template, 'AWS::Lambda::Permission', permissionSchema)
      .filter(({ properties }) => properties.Principal === 'sns.amazonaws.com')
      .map(({ id }) => id),
    ...resourcesOf(template, 'AWS::IAM::Role', roleSchema)
      .filter(({ properties }) =>
        properties.Policies.some(({ PolicyDocument }) =>
          PolicyDocument.Statement.some(({ Action }) =>
            Action.some((action) => action.startsWith('ses:')),
          ),
        ),
      )
      .map(({ id }) => id),
  ];
}
