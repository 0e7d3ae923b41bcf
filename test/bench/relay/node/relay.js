// A straightforward relay on node: unmodified `ws`, and JSON.parse for every message.
// Like ws_stock.cpp it accepts every registration. Usage: relay.js CERTIFICATE KEY
'use strict';

const { readFileSync } = require('node:fs');
const { createServer } = require('node:https');
const { WebSocketServer } = require('ws');

const [cert, key] = process.argv.slice(2).map((path) => readFileSync(path));
const server = createServer({ cert, key, minVersion: 'TLSv1.3' });
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 65536 });
const users = new Map();

const hello = JSON.stringify({
    type: 'hello',
    version: 1,
    nonce: Buffer.alloc(32).toString('base64'),
    limits: { max_message: 65536, poll_seconds: 5 },
    software: 'node',
});

function onMessage(socket, text) {
    let message;
    try {
        message = JSON.parse(text);
    } catch {
        return;
    }
    if (message.type === 'hello') {
        socket.send(hello);
    } else if (message.type === 'register') {
        users.set(message.user, socket);
        socket.user = message.user;
        socket.send(JSON.stringify({ type: 'register', user: message.user, ok: true }));
    } else if (message.type === 'relay' && typeof message.kind === 'string' &&
               typeof message.payload === 'string' && message.from === socket.user) {
        users.get(message.to)?.send(text, { binary: false });
    }
}

sockets.on('connection', (socket) => {
    socket.on('message', (text) => onMessage(socket, text));
    socket.on('close', () => {
        if (users.get(socket.user) === socket) {
            users.delete(socket.user);
        }
    });
    socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => {
    console.log(`listening on 127.0.0.1 port ${server.address().port}`);
});
