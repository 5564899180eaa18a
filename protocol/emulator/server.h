/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/response-code.h"
#include "protocol/emulator/virtual-station.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

typedef struct
{
  PakProtocol protocol;
  GByteArray *message; /* from its type on; empty: no answer */
  gint64      work_us; /* that the logger works at it; 0: an ordinary answer's time */
  guint16     node;    /* the address that answers */
  guint       n_hops;  /* routers on the way from there */
} OpAnswer;

/* Codes of delivery failures (manual 2.2.1). */
enum
{
  OP_DELIVERY_UNREACHABLE = 1,
  OP_DELIVERY_PROTOCOL = 2,
  OP_DELIVERY_UNIMPLEMENTED = 4,
  OP_DELIVERY_MALFORMED = 5,
  OP_DELIVERY_LINK_FAILED = 6,
};

/** Answers one message to @station. @answer's message is there and empty. */
void     op_server_answer       (OpVirtualStation *station, const PakPacket *packet, OpAnswer *answer);

/** Says that @packet could not be delivered, unless nobody wants to know. */
void     op_server_fail         (const PakPacket *packet, guint code, OpAnswer *answer);

/**
 * A command's handler: fills in @response. Returns: µs that the logger works at it, 0 for an ordinary answer's time,
 * or OP_SERVER_MALFORMED when what @command asks for does not exist.
 */
typedef gint64 OpServerFunc (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                             PakMessage *response);
#define OP_SERVER_MALFORMED (-1)

/* The handlers of the parts. */
OpServerFunc op_server_collect;
OpServerFunc op_server_get_values;
OpServerFunc op_server_set_values;
OpServerFunc op_server_read_file;
OpServerFunc op_server_write_file;
OpServerFunc op_server_control_file;
OpServerFunc op_server_control_table;
/* Settings by name (manual 2.2.5) and by number (2.2.6). */
OpServerFunc op_server_get_named_settings;
OpServerFunc op_server_set_named_settings;
OpServerFunc op_server_get_settings;
OpServerFunc op_server_set_settings;
OpServerFunc op_server_get_fragment;
OpServerFunc op_server_set_fragment;
OpServerFunc op_server_control_settings;

/** Whether @command's security code allows it; else puts permission denied into @response. */
gboolean op_server_check_access (OpVirtualStation *station, OpAccess access, const PakMessage *command,
                                 PakMessage *response);

G_END_DECLS
