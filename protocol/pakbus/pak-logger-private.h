/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/pakbus/pak-logger.h"
#include "protocol/pakbus/target-private.h"

G_BEGIN_DECLS

/* Whom requests go to; its node is known once the logger is open. */
const PakTarget *pak_logger_get_target (PakLogger *self);
/* As pak_explain_error(), for what was tried on this logger. Takes @error. */
GError          *pak_logger_explain    (PakLogger *self, GError *error, const char *what);
/* Installs what changes a logger (pak-logger-changes.c). */
void             pak_logger_class_init_changes (OpLoggerClass *klass);

G_END_DECLS
