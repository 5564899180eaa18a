/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

#include <adwaita.h>

G_BEGIN_DECLS

/** OpStepList: the live check list of connecting to a logger. */
#define OP_TYPE_STEP_LIST (op_step_list_get_type ())
G_DECLARE_FINAL_TYPE (OpStepList, op_step_list, OP, STEP_LIST, AdwBin)

void op_step_list_reset  (OpStepList *self);
void op_step_list_update (OpStepList *self, OpLoggerStep step, OpStepState state, const char *detail);
/** What was running when everything ended failed. */
void op_step_list_fail   (OpStepList *self);

G_END_DECLS
