const { greeting } = require('./words.cjs');

exports.handler = (event, _context, callback) => {
  setImmediate(() => {
    callback(null, { statusCode: 200, body: greeting(event.pathParameters.name) });
  });
};
