import { S3Error } from '../errors.ts';
import { isDeleteMarker } from '../model/object.ts';
import { listObjects, listVersions } from './listing.ts';
import type { OperationParts, Operations } from './operation.ts';
import { listUploads } from './uploads.ts';
import { readObjectsToDelete, readVersioning, writeXmlDocument } from './xml.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export function bucketOperations(parts: OperationParts): Operations {
  const { context, store } = parts;
  return {
    async PUT({ bucket }, response) {
      store.createBucket(bucket);
      await context.storage.flushed();
      response.writeHead(200, { location: `/${bucket}` }).end();
    },

    HEAD({ bucket }, response) {
      if (!store.hasBucket(bucket)) throw new S3Error('NotFound', '', { httpStatus: 404 });
      response.writeHead(200, { 'x-amz-bucket-region': context.region }).end();
    },

    async DELETE({ bucket }, response) {
      store.deleteBucket(bucket);
      await context.storage.flushed();
      response.writeHead(204).end();
    },

    GET({ bucket, query }, response) {
      const result = listObjects(bucket, store.objects(bucket), query);
      writeXmlDocument(response, 'ListBucketResult', result);
    },

    'GET versions'({ bucket, query }, response) {
      const result = listVersions(bucket, store.versions(bucket), query);
      writeXmlDocument(response, 'ListVersionsResult', result);
    },

    'GET location'({ bucket }, response) {
      store.bucket(bucket);
      const constraint = context.region === 'us-east-1' ? {} : { '#text': context.region };
      writeXmlDocument(response, 'LocationConstraint', constraint);
    },

    'GET versioning'({ bucket }, response) {
      const { versioning } = store.bucket(bucket);
      const result = versioning ? { Status: versioning } : {};
      writeXmlDocument(response, 'VersioningConfiguration', result);
    },

    async 'PUT versioning'({ bucket, body }, response) {
      store.setVersioning(bucket, readVersioning(body));
      await context.storage.flushed();
      response.writeHead(200).end();
    },

    'GET uploads'(request, response) {
      store.bucket(request.bucket);
      writeXmlDocument(response, 'ListMultipartUploadsResult', listUploads(parts, request));
    },

    async 'POST delete'({ bucket, body }, response) {
      store.bucket(bucket);
      const { objects, quiet } = readObjectsToDelete(body);
      const results: object[] = [];
      for (const { key, versionId } of objects) {
        const { deleted, marker } = await store.delete(bucket, key, versionId);
        results.push({
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
          ...(marker && { DeleteMarker: true, DeleteMarkerVersionId: marker.versionId }),
          ...(deleted &&
            isDeleteMarker(deleted) && {
              DeleteMarker: true,
              DeleteMarkerVersionId: deleted.versionId,
            }),
        });
      }
      writeXmlDocument(response, 'DeleteResult', quiet ? {} : { Deleted: results });
    },
  };
}
