/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/emulator.h"
#include "protocol/pakbus/collect.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

#define PEER_ADDRESS 4079

/** Peer: the other side of an emulator's link, in frames; every wait has a watchdog. */
typedef struct _Peer Peer;

/** An in-process link to @emulator, open. */
Peer       *peer_new               (OpEmulator *emulator);
/** The client's end of any link; opens it. */
Peer       *peer_new_for_transport (OpTransport *transport);
void        peer_free              (Peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)
gboolean    peer_is_closed         (Peer *peer);
/** Turns the main loop until the link was closed. */
void        peer_wait_closed       (Peer *peer);

void        peer_send_hex          (Peer *peer, const char *body);
void        peer_send_bytes        (Peer *peer, GBytes *bytes);
/** The next frame's body as hex text, "A0 01 …". Free it. */
char       *peer_next_hex          (Peer *peer);
/** How many frames wait to be taken. */
guint       peer_get_n_waiting     (Peer *peer);

/** A BMP5 command with security code 0 where it has one. */
PakMessage *peer_command           (PakProtocol protocol, guint8 type);
/** Sends @command (taken) to PakBus address 1 without waiting. Returns: its transaction number. */
guint8      peer_send              (Peer *peer, PakMessage *command);
/** What a command to PakBus address 1 is sent with: a transaction of its own. */
PakPacket   peer_make_header       (Peer *peer);
/** Sends @command (taken) with addresses and transaction of @header. */
void        peer_send_as           (Peer *peer, PakMessage *command, const PakPacket *header);
/** Waits for the message of that transaction; others are dropped. */
PakMessage *peer_receive           (Peer *peer, guint8 transaction);
/** The same when the message is for another address than PEER_ADDRESS. */
PakMessage *peer_receive_as        (Peer *peer, guint8 transaction, guint16 address);
/** Both, and Please Wait is waited through. */
PakMessage *peer_ask               (Peer *peer, PakMessage *command);
/** The same with a transaction number of one's choice. */
PakMessage *peer_ask_with          (Peer *peer, guint8 transaction, PakMessage *command);

/** The station's table definitions. Returns: (element-type OpTable) */
GPtrArray  *peer_read_tables       (Peer *peer);
OpTable    *peer_find_table        (GPtrArray *tables, const char *name);
/** The file's bytes, read by @swath; asserts that it is there. */
GByteArray *peer_read_file         (Peer *peer, const char *name, guint swath);
/** Collect Data for one table, all fields. @p1 and @p2 as far as the mode has them. */
PakMessage *peer_collect_command   (const OpTable *table, guint mode, guint32 p1, guint32 p2);
/** Asks and parses into @block, which points into @response; asserts that all is well. Returns: MoreRecsExist. */
gboolean    peer_collect           (Peer *peer, const OpTable *table, PakMessage *command, PakMessage **response,
                                    PakCollectBlock *block);
/** All that the table holds, by mode 3 and then 4, fragments joined. */
OpBatch    *peer_collect_all       (Peer *peer, OpTable *table);

/** Turns the main loop until @condition holds; fails the test after 10 s. */
void        wait_until             (gboolean (*condition) (gpointer data), gpointer data);

G_END_DECLS
