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
} OpAnswer;

/** Answers one message to @station. @answer's message is there and empty. */
void   op_server_answer     (OpVirtualStation *station, const PakPacket *packet, OpAnswer *answer);

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
