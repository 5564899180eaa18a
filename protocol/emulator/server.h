/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

/* Response codes that the station gives (manual 2.3; pakbus-facts H5). */
enum
{
  OP_CODE_COMPLETE = 0,
  OP_CODE_PERMISSION = 1,
  OP_CODE_DEFINITION = 7,
  OP_CODE_FILE_NAME = 13,
  OP_CODE_OPTION = 15,
  OP_CODE_NAME = 16,
  OP_CODE_CONVERSION = 17,
  OP_CODE_BOUNDS = 18,
};

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

/** Whether @command's security code allows it; else puts permission denied into @response. */
gboolean op_server_check_access (OpVirtualStation *station, OpAccess access, const PakMessage *command,
                                 PakMessage *response);

G_END_DECLS
