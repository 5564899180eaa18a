/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/health.h"

G_BEGIN_DECLS

/* Takes @value. */
void op_health_add (GPtrArray *findings, const char *id, const char *name, char *value, OpJudgement judgement,
                    const char *reason, const char *advice);

/* What the numbers of the Status table say, by a table of rules (health-numbers.c). */
void op_health_judge_numbers (GPtrArray *findings, const OpBatch *status);

/* The column that is called by one of @names (NULL-terminated), letter case aside; -1: none. */
gint op_health_find_column (const OpBatch *status, const char *const *names);

G_END_DECLS
