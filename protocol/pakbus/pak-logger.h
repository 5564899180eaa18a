/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"
#include "protocol/transport/transport.h"

G_BEGIN_DECLS

/**
 * PakLogger: OpLogger for the CR1000 type (CR1000, CR800, CR3000, CR6, CR300, CR1000X) and for the CR200 series,
 * which op_logger_identify_async() recognises and adapts to: packets as short as it takes, one at a time.
 */
#define PAK_TYPE_LOGGER (pak_logger_get_type ())
G_DECLARE_FINAL_TYPE (PakLogger, pak_logger, PAK, LOGGER, OpLogger)

/**
 * @address: the logger's PakBus address, 1 to 4094, or 0 to ask by broadcast. @neighbour: the router to send
 * through, 0 when directly connected. @security: 0 when none.
 */
OpLogger *pak_logger_new (OpTransport *transport, guint16 address, guint16 neighbour, guint16 security);
/** How long the first try of a request waits, as pak_session_set_first_timeout(). */
void      pak_logger_set_first_timeout (PakLogger *self, gint64 timeout_us);
/**
 * Fast collection: several requests wait for their answers at a time, but never with loggers of small buffers. No open
 * client has done it with real loggers: off unless set.
 */
void      pak_logger_set_fast (PakLogger *self, gboolean fast);
/**
 * Loggers of the same @line in one thread share the transport of the one that is opened first, and take turns; as
 * pak_session_share().
 */
void      pak_logger_share (PakLogger *self, const char *line);
/**
 * Whether opening looks for the speed of the serial line, beginning with the one found last. It is told with
 * OP_STEP_ANSWER.
 */
void      pak_logger_set_find_baud (PakLogger *self, gboolean find_baud);
/** The speed of its serial line; 0 where there is none. */
guint     pak_logger_get_baud      (PakLogger *self);
/** Whether it has its settings as strings only, as the CR200 series; known once it is identified. */
gboolean  pak_logger_has_named_settings (PakLogger *self);

G_END_DECLS
