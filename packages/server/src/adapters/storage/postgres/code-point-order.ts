import {
  type ColumnDefinitionNode,
  DataTypeNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type QueryId,
  RawNode,
} from 'kysely'

/** Gives every text column that a statement adds the order of its code points. */
class Transformer extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode, id?: QueryId): ColumnDefinitionNode {
    const { dataType, ...rest } = super.transformColumnDefinition(node, id)
    const isText = DataTypeNode.is(dataType) && dataType.dataType === 'text'
    return { ...rest, dataType: isText ? RawNode.createWithSql('text collate "C"') : dataType }
  }
}

const transformer = new Transformer()

/**
 * Text is compared by its code points, as SQLite does, and not by the rules of whatever locale the database was made
 * with: names are listed in one order everywhere, and an index on ids is cheaper.
 */
export const codePointOrder: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
  transformResult: async ({ result }) => result,
}
