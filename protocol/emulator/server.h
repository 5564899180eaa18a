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
void   op_server_answer     (OpVirtualStation *station, const PakPacket *packet, OpAnswer *answer);

/** Says that @packet could not be delivered, unless nobody wants to know. */
void   op_server_fail       (const PakPacket *packet, guint code, OpAnswer *answer);

/* The parts, each filling in @response to @command. */
void   op_server_collect    (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void   op_server_get_values (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void   op_server_set_values (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void   op_server_read_file  (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void   op_server_write_file (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                             PakMessage *response);
void   op_server_control_file  (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void   op_server_control_table (OpVirtualStation *station, const PakMessage *command, PakMessage *response);

/** Whether @command's security code allows it; else puts permission denied into @response. */
gboolean op_server_check_access (OpVirtualStation *station, OpAccess access, const PakMessage *command,
                                 PakMessage *response);

G_END_DECLS
