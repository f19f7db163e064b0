import * as z from 'zod';
import { harmless, readProperties, type ResourceType } from '../resource-type.ts';

const bucketSchema = z.object({
  BucketName: z.string().optional(),
  AccelerateConfiguration: harmless.optional(),
  BucketEncryption: harmless.optional(),
  OwnershipControls: harmless.optional(),
  PublicAccessBlockConfiguration: harmless.optional(),
  Tags: harmless.optional(),
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export const bucket: ResourceType = (request, { buckets, stack }) => {
  const { properties, shortcomings } = readProperties(bucketSchema, request);
  const name = properties.BucketName ?? request.generatedName.toLowerCase().slice(0, 63);
  buckets.createBucket(name);
  const versioning = properties.VersioningConfiguration?.Status;
  // A bucket that never had versions is not the same as one that has no more of them.
  if (versioning !== undefined) buckets.setVersioning(name, versioning);
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${stack.region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${stack.region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${stack.region}.amazonaws.com`,
    },
    shortcomings,
  };
};
