/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/emulator/virtual-station.h"
#include "protocol/pakbus/message.h"

G_BEGIN_DECLS

/* Settings by number (manual 2.2.6) and by name (2.2.5), each filling in @response to @command. */

void     op_server_get_settings  (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                                  PakMessage *response);
void     op_server_set_settings  (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                                  PakMessage *response);
void     op_server_get_fragment  (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                                  PakMessage *response);
void     op_server_set_fragment  (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                                  PakMessage *response);
/** Returns: whether the action is one. */
gboolean op_server_control_settings (OpVirtualStation *station, const PakPacket *packet, const PakMessage *command,
                                     PakMessage *response);
void     op_server_get_named_settings (OpVirtualStation *station, const PakMessage *command, PakMessage *response);
void     op_server_set_named_settings (OpVirtualStation *station, const PakMessage *command, PakMessage *response);

G_END_DECLS
